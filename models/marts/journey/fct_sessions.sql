-- Written once, with the publication.
{{ config(materialized='view') }}

with

sessions as (
    select * from {{ ref('int_web_sessions') }}
),

touches as (
    select * from {{ ref('int_journey_touches') }}
    where touch_type = 'session'
),

spans as (
    select * from {{ ref('int_web_spans') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
    where is_lead
),

final as (
    select
        sessions.session_key,
        sessions.visitor_key,
        touches.lead_key,

        sessions.started_at,
        sessions.ended_at,
        sessions.page_views,
        touches.channel,
        touches.campaign_key,
        {{ known_parameters('sessions.landing_page') }} as landing_page,
        coalesce(
            leads.created_at >= sessions.started_at
            and leads.created_at
            <= sessions.ended_at + interval '{{ var("session_timeout_minutes") }} minutes',
            false
        ) as is_converting,

        spans.identified_at,
        sessions.source_system,
        touches.source,
        touches.medium,
        not sessions.is_refused as has_consent
    from sessions
    inner join touches
        on sessions.session_key = touches.touchpoint_key
    left join spans
        on
            touches.lead_key = spans.lead_key
            and sessions.source_system = spans.source_system
            and sessions.anonymous_id = spans.anonymous_id
            and {{ in_span('sessions.started_at', 'spans') }}
    left join leads
        on touches.lead_key = leads.lead_key
)

select * from final
