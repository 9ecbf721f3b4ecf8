-- One row is a conversion and a touch on its path, in order: touches of its people from the start of the lookback
-- window (counted from the creation of the oldest of them) to the conversion, both ends included. There are many, so
-- what is known of the touch and of the conversion is not repeated here.
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
        participants.conversion_number,
        min(leads.created_at) as created_at
    from participants
    inner join leads
        on participants.lead_key = leads.lead_key
    group by participants.conversion_number
),

lookback_windows as (
    select
        conversions.conversion_number,
        conversions.converted_at,
        oldest_creations.created_at - conversions.lookback_days * interval '1 day' as window_starts_at,
        conversions.converted_at - conversions.max_days_before_conversion * interval '1 day' as earliest_allowed_at
    from conversions
    inner join oldest_creations
        on conversions.conversion_number = oldest_creations.conversion_number
),

paths as (
    select
        lookback_windows.conversion_number,
        touchpoints.touch_number,
        row_number() over in_order as position,
        count(*) over in_conversion as path_length
    from lookback_windows
    inner join participants
        on lookback_windows.conversion_number = participants.conversion_number
    inner join touchpoints
        on participants.lead_key = touchpoints.lead_key
    where
        touchpoints.touched_at >= lookback_windows.window_starts_at
        and touchpoints.touched_at <= lookback_windows.converted_at
        and (
            lookback_windows.earliest_allowed_at is null
            or touchpoints.touched_at >= lookback_windows.earliest_allowed_at
        )
    window
        in_conversion as (partition by lookback_windows.conversion_number),
        in_order as (
            partition by lookback_windows.conversion_number
            order by touchpoints.touched_at, touchpoints.touch_number
        )
)

select * from paths
