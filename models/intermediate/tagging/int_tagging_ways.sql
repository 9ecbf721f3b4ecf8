-- One row is a way in which visits to the site were tagged, as it was written, with the campaign that it was taken for.
with

sessions as (
    select * from {{ ref('int_web_sessions') }}
),

touches as (
    select * from {{ ref('int_journey_touches') }}
    where touch_type = 'session'
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

ways as (
    select
        touches.campaign_key,

        sessions.utm_source,
        sessions.utm_medium,
        sessions.utm_campaign,
        sessions.utm_id,
        sessions.click_id_type,
        touches.channel,

        count(*) as visits,

        sessions.is_tagged,

        min({{ local_date('sessions.started_at', 'run_settings.reporting_time_zone') }}) as first_seen_date,
        max({{ local_date('sessions.started_at', 'run_settings.reporting_time_zone') }}) as last_seen_date
    from sessions
    inner join touches
        on sessions.session_key = touches.touchpoint_key
    cross join run_settings
    group by
        touches.campaign_key,
        sessions.utm_source,
        sessions.utm_medium,
        sessions.utm_campaign,
        sessions.utm_id,
        sessions.click_id_type,
        touches.channel,
        sessions.is_tagged
)

select * from ways
