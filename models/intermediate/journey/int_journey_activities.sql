-- One row is a call, mail, meeting or message of sales with its person and deal, and whether it was the follow-up: the
-- first outbound contact by a human after the person became an MQL.
with

activities as (
    select * from {{ ref('int_canonical_activities') }}
),

person_references as (
    select * from {{ ref('int_identity_references') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

activity_types as (
    select * from {{ ref('activity_types') }}
),

mqls as (
    select
        lead_key,
        reached_at
    from {{ ref('int_agreement_stages') }}
    where stage = 'mql'
),

resolved as (
    select
        {{ stable_key(['activities.source_system', 'activities.activity_id']) }} as activity_key,
        activities.source_system,
        activities.activity_id,
        coalesce(own.lead_key, elsewhere.lead_key) as lead_key,
        deals.deal_key,

        {{ folded('activities.type') }} as type_name,
        activities.direction,
        activities.outcome,
        activities.owner as owner_name,

        coalesce(activities.is_automatic, false) as is_automatic,

        activities.occurred_at
    from activities
    left join person_references as own
        on activities.source_system = own.source_system and activities.lead_id = own.record_id
    left join person_references as elsewhere
        on elsewhere.source_system = '*' and activities.lead_id = elsewhere.record_id
    left join deals
        on activities.source_system = deals.source_system and activities.deal_id = deals.deal_id
),

follow_ups as (
    select
        resolved.activity_key,
        row_number() over by_lead as contact_number
    from resolved
    inner join mqls
        on resolved.lead_key = mqls.lead_key and resolved.occurred_at >= mqls.reached_at
    where resolved.direction = 'outbound' and not resolved.is_automatic
    window by_lead as (partition by resolved.lead_key order by resolved.occurred_at, resolved.activity_key)
),

type_names as (
    select distinct type_name
    from resolved
),

kinds as (
    select
        type_names.type_name,
        activity_types.activity_type,
        row_number() over by_name as fragment_number
    from type_names
    inner join activity_types
        on contains(type_names.type_name, activity_types.fragment)
    window by_name as (
        partition by type_names.type_name
        order by length(activity_types.fragment) desc, activity_types.fragment
    )
),

typed as (
    select
        resolved.activity_key,
        resolved.source_system,
        resolved.activity_id,
        resolved.lead_key,
        resolved.deal_key,

        coalesce(kinds.activity_type, 'other') as activity_type,
        resolved.direction,
        resolved.outcome,
        resolved.owner_name,

        resolved.is_automatic,
        follow_ups.activity_key is not null as is_follow_up,

        resolved.occurred_at
    from resolved
    left join kinds
        on resolved.type_name = kinds.type_name and kinds.fragment_number = 1
    left join follow_ups
        on resolved.activity_key = follow_ups.activity_key and follow_ups.contact_number = 1
)

select * from typed
