-- One row is a conversion and a touch on its path, in order: touches of its people from the start of the lookback
-- window (counted from the creation of the oldest of them) to the conversion, both ends included. There are many, so
-- what else is known of the touch and of the conversion is not repeated here.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

participants as (
    select * from {{ ref('int_attribution_participants') }}
),

milestones as (
    select * from {{ ref('int_attribution_milestones') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

lookback_windows as (
    select
        conversions.conversion_number,
        conversions.converted_at,
        milestones.lead_created_at - conversions.lookback_days * interval '1 day' as window_starts_at,
        conversions.converted_at - conversions.max_days_before_conversion * interval '1 day' as earliest_allowed_at
    from conversions
    inner join milestones
        on conversions.conversion_number = milestones.conversion_number
),

eligible as (
    select
        lookback_windows.conversion_number,
        touchpoints.touch_number,
        touchpoints.channel,
        touchpoints.is_paid,
        touchpoints.touched_at
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
    union all
    -- of an order of an unknown buyer, what its voucher says
    select
        conversions.conversion_number,
        touchpoints.touch_number,
        touchpoints.channel,
        touchpoints.is_paid,
        touchpoints.touched_at
    from conversions
    inner join touchpoints
        on
            touchpoints.touch_type = 'voucher'
            and conversions.order_key = {{ stable_key(['touchpoints.source_system', 'touchpoints.touchpoint_id']) }}
    where conversions.lead_key is null
),

{% if var('attribution_drop_direct') -%}
known_origins as (
    select
        *,
        min(channel = 'direct') over (partition by conversion_number) as is_all_direct
    from eligible
),

{% endif -%}
chosen as (
    select
        conversion_number,
        touch_number,
        channel,
        is_paid,
        touched_at
    {% if var('attribution_drop_direct') -%}
    from known_origins
    where channel != 'direct' or is_all_direct
    {%- else -%}
    from eligible
    {%- endif %}
),

{% if var('attribution_collapse_repeats') -%}
followers as (
    select
        *,
        lag(channel) over (partition by conversion_number order by touched_at, touch_number) as previous_channel
    from chosen
),

{% endif -%}
paths as (
    select
        conversion_number,
        touch_number,
        row_number() over in_order as position,
        count(*) over in_conversion as path_length,
        channel,
        is_paid,
        touched_at
    {% if var('attribution_collapse_repeats') -%}
    from followers
    where previous_channel is null or channel != previous_channel
    {%- else -%}
    from chosen
    {%- endif %}
    window
        in_conversion as (partition by conversion_number),
        in_order as (partition by conversion_number order by touched_at, touch_number)
)

select * from paths
