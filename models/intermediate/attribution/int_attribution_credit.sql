-- One row is a model, a conversion and a touch (or none) with its part of the money, and what is known of both.
{{ config(materialized='view') }}

with

money as (
    select * from {{ ref('int_attribution_money') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

credit as (
    select
        money.model,
        money.model = conversions.attribution_model as is_agreed_model,
        conversions.conversion_type,
        conversions.conversion_key,
        conversions.deal_key,
        touchpoints.lead_key,
        touchpoints.account_key,
        touchpoints.touchpoint_key,
        touchpoints.campaign_key,
        coalesce(touchpoints.channel, 'unattributed') as channel,
        conversions.currency,
        money.position,
        money.path_length,
        money.weight,
        money.attributed_amount,
        money.attributed_money,
        conversions.converted_at,
        touchpoints.touched_at
    from money
    inner join conversions
        on money.conversion_number = conversions.conversion_number
    left join touchpoints
        on money.touch_number = touchpoints.touch_number
)

select * from credit
