-- One row is a click in a marketing mail by a person, unless the visit that it led to is known.
{{ config(materialized='view') }}

with

marketing_emails as (
    select * from {{ ref('int_canonical_marketing_emails') }}
    where event = 'click' and not coalesce(is_machine, false)
),

person_references as (
    select * from {{ ref('int_identity_references') }}
),

address_persons as (
    select * from {{ ref('int_identity_address_persons') }}
),

session_touches as (
    select * from {{ ref('int_journey_session_touches') }}
    where lead_key is not null
),

clicked as (
    select
        marketing_emails.source_system,
        marketing_emails.email_event_id,
        coalesce(own.lead_key, elsewhere.lead_key, address_persons.lead_key) as lead_key,
        marketing_emails.campaign,
        marketing_emails.content,
        marketing_emails.occurred_at
    from marketing_emails
    left join person_references as own
        on marketing_emails.source_system = own.source_system and marketing_emails.lead_id = own.record_id
    left join person_references as elsewhere
        on elsewhere.source_system = '*' and marketing_emails.lead_id = elsewhere.record_id
    left join address_persons
        on address_persons.address_kind = 'e-mail' and marketing_emails.email_hash = address_persons.address_hash
),

visits as (
    select distinct
        clicked.source_system,
        clicked.email_event_id
    from clicked
    inner join session_touches
        on
            clicked.lead_key = session_touches.lead_key
            and session_touches.touched_at >= clicked.occurred_at - interval '1 minute'
            and session_touches.touched_at
            <= clicked.occurred_at + interval '{{ var("email_click_visit_minutes") }} minutes'
),

touches as (
    select
        {{ stable_key(["'email_click'", 'clicked.source_system', 'clicked.email_event_id']) }} as touchpoint_key,
        clicked.source_system,
        clicked.email_event_id as touchpoint_id,
        clicked.lead_key,
        cast(null as string) as campaign_id,
        cast(null as string) as click_id,
        cast(null as string) as click_id_type,

        'email_click' as touch_type,
        cast(null as string) as channel,
        'newsletter' as source,
        'email' as medium,
        clicked.campaign,
        clicked.content,
        cast(null as string) as term,
        cast(null as string) as landing_page,
        cast(null as string) as referrer,

        false as is_told_by_campaign,

        clicked.occurred_at as touched_at,
        clicked.occurred_at as ended_at
    from clicked
    left join visits
        on clicked.source_system = visits.source_system and clicked.email_event_id = visits.email_event_id
    where visits.email_event_id is null
)

select * from touches
