-- One row is a model, an entry of a conversion and a touch (or none) with its part of it, and what is known of both.
{{ config(materialized='view') }}

with

parts as (
    select * from {{ ref('int_attribution_parts') }}
),

entries as (
    select * from {{ ref('int_attribution_entries') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

credit as (
    select
        parts.model,
        parts.model = conversions.attribution_model as is_agreed_model,
        conversions.conversion_type,
        conversions.conversion_key,
        conversions.deal_key,
        entries.order_key,
        touchpoints.lead_key,
        touchpoints.account_key,
        touchpoints.touchpoint_key,
        touchpoints.campaign_key,
        coalesce(touchpoints.channel, 'unattributed') as channel,
        conversions.currency,
        parts.position,
        parts.path_length,
        parts.rule,
        parts.weight,
        parts.attributed_amount,
        parts.attributed_money,
        entries.entry_type,
        conversions.is_standing,
        conversions.converted_at,
        entries.booked_at,
        touchpoints.touched_at
    from parts
    inner join entries
        on parts.entry_number = entries.entry_number
    inner join conversions
        on entries.conversion_number = conversions.conversion_number
    left join touchpoints
        on parts.touch_number = touchpoints.touch_number
)

select * from credit
