-- One row is a marketing touch: of a visit to the site only where we know whose it was. The many rows of the paths know
-- it by its number, which is shorter than its key and in the same order.
--
-- Each step refers to int_journey_touches itself: DuckDB would keep a step that several read, whole, with all columns.
with

touches as (
    select * from {{ ref('int_journey_touches') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

channels as (
    select * from {{ ref('channels') }}
),

-- a lead ad or a chat reaches the CRM hours later, which then names as origin what we have seen already
repeated_origins as (
    select distinct origins.touchpoint_key
    from {{ ref('int_journey_touches') }} as origins
    inner join {{ ref('int_journey_touches') }} as seen
        on
            origins.lead_key = seen.lead_key
            and origins.channel = seen.channel
            and seen.touch_type != 'lead_source'
            and seen.touched_at <= origins.touched_at
            and seen.touched_at
            >= origins.touched_at - interval '{{ var("lead_source_repeat_days") }} days'
    where origins.touch_type = 'lead_source'
),

-- no more than the keys, since sorting whole rows would cost five times as much
kept as (
    select kept_touches.touchpoint_key
    from {{ ref('int_journey_touches') }} as kept_touches
    left join repeated_origins
        on kept_touches.touchpoint_key = repeated_origins.touchpoint_key
    where
        repeated_origins.touchpoint_key is null
        and (kept_touches.lead_key is not null or kept_touches.touch_type != 'session')
),

numbered as (
    select
        touchpoint_key,
        row_number() over (order by touchpoint_key) as touch_number
    from kept
),

flagged as (
    select
        touches.*,
        leads.account_key,
        channels.is_paid,
        channels.is_marketing,
        numbered.touch_number
    from touches
    inner join numbered
        on touches.touchpoint_key = numbered.touchpoint_key
    inner join channels
        on touches.channel = channels.channel
    left join leads
        on touches.lead_key = leads.lead_key
)

select * from flagged
