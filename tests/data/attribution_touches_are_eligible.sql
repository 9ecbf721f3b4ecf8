-- No touch after its conversion, none before the start of the lookback window, none of a person who is not on the path.
with

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

participants as (
    select * from {{ ref('int_attribution_participants') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

leads as (
    select * from {{ ref('dim_leads') }}
),

oldest_creations as (
    select
        participants.conversion_number,
        min(leads.created_at) as created_at
    from participants
    inner join leads
        on participants.lead_key = leads.lead_key
    group by participants.conversion_number
)

select
    paths.conversion_number,
    paths.touch_number
from paths
inner join conversions
    on paths.conversion_number = conversions.conversion_number
inner join touchpoints
    on paths.touch_number = touchpoints.touch_number
left join oldest_creations
    on paths.conversion_number = oldest_creations.conversion_number
left join participants
    on paths.conversion_number = participants.conversion_number and touchpoints.lead_key = participants.lead_key
where
    touchpoints.touched_at > conversions.converted_at
    or touchpoints.touched_at < oldest_creations.created_at - conversions.lookback_days * interval '1 day'
    or (participants.lead_key is null and (conversions.order_key is null or touchpoints.touch_type != 'voucher'))
