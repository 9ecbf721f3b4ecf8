-- One row is an id by which something names a record, and which a lead and a contact that are two persons share.
{{ config(materialized='view') }}

with

person_references as (
    select * from {{ ref('int_identity_references') }}
    where is_ambiguous
),

stage_history as (
    select * from {{ ref('int_canonical_lead_stage_history') }}
),

touchpoints as (
    select * from {{ ref('int_canonical_touchpoints') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_canonical_deal_contacts') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

listed as (
    select
        source_system,
        created_at as named_at,
        {{ split_list('lead_ids') }} as record_id
    from deals
    where lead_ids is not null
),

mentions as (
    select
        source_system,
        trim(record_id) as record_id,
        named_at
    from listed
    union all
    select
        deals.source_system,
        deal_contacts.lead_id as record_id,
        deals.created_at as named_at
    from deal_contacts
    inner join deals
        on deal_contacts.source_system = deals.source_system and deal_contacts.deal_id = deals.deal_id
    union all
    select
        source_system,
        lead_id as record_id,
        occurred_at as named_at
    from touchpoints
    union all
    select
        stage_history.source_system,
        stage_history.lead_id as record_id,
        stage_history.entered_at as named_at
    from stage_history
    cross join run_settings
    where stage_history.entered_at <= run_settings.as_of
),

ambiguous_references as (
    select
        person_references.lead_key,
        cast(null as string) as deal_key,
        'lead' as stage,
        'ambiguous_reference' as violation_type,
        concat(
            'the id ', person_references.record_id, ' of ', person_references.source_system,
            ' is that of a lead and of a contact who are two persons'
        ) as detail,
        concat(person_references.source_system, ' ', person_references.record_id) as subject,
        min(mentions.named_at) as claimed_at,
        'data' as team
    from person_references
    inner join mentions
        on
            person_references.source_system = mentions.source_system
            and person_references.record_id = mentions.record_id
    group by person_references.lead_key, person_references.source_system, person_references.record_id
)

select * from ambiguous_references
