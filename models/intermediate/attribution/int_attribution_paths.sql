-- One row is a conversion and a touch on its path, in order: touches of its people from the look back's start (counted
-- from the creation of the oldest of them) to the conversion, both ends included.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

participants as (
    select * from {{ ref('int_attribution_participants') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

oldest_creations as (
    select
        participants.conversion_key,
        min(leads.created_at) as created_at
    from participants
    inner join leads
        on participants.lead_key = leads.lead_key
    group by participants.conversion_key
),

windows as (
    select
        conversions.conversion_key,
        conversions.converted_at,
        oldest_creations.created_at - conversions.lookback_days * interval '1 day' as window_starts_at,
        conversions.converted_at - conversions.max_days_before_conversion * interval '1 day' as earliest_allowed_at
    from conversions
    inner join oldest_creations
        on conversions.conversion_key = oldest_creations.conversion_key
),

paths as (
    select
        windows.conversion_key,
        touchpoints.touchpoint_key,
        touchpoints.lead_key,
        touchpoints.account_key,
        touchpoints.campaign_key,
        touchpoints.channel,
        touchpoints.is_marketing,
        row_number() over in_order as position,
        count(*) over in_conversion as path_length,
        touchpoints.touched_at
    from windows
    inner join participants
        on windows.conversion_key = participants.conversion_key
    inner join touchpoints
        on participants.lead_key = touchpoints.lead_key
    where
        touchpoints.touched_at >= windows.window_starts_at
        and touchpoints.touched_at <= windows.converted_at
        and (windows.earliest_allowed_at is null or touchpoints.touched_at >= windows.earliest_allowed_at)
    window
        in_conversion as (partition by windows.conversion_key),
        in_order as (
            partition by windows.conversion_key
            order by touchpoints.touched_at, touchpoints.touchpoint_key
        )
)

select * from paths
