-- One row is a model, a conversion and a touch (or none) with its weight and its part of the conversion's money. What
-- has no touch is credited to nobody, whole.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

weights as (
    select * from {{ ref('int_attribution_weights') }}
),

money as (
    select * from {{ ref('int_attribution_money') }}
),

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

models as (
    select distinct model from {{ ref('attribution_models') }}
),

credit as (
    select
        models.model,
        models.model = conversions.attribution_model as is_agreed_model,
        conversions.conversion_type,
        conversions.conversion_key,
        conversions.deal_key,
        touchpoints.lead_key,
        touchpoints.account_key,
        touchpoints.touchpoint_key,
        touchpoints.campaign_key,
        coalesce(touchpoints.channel, 'unattributed') as channel,
        conversions.currency,
        paths.position,
        coalesce(paths.path_length, 0) as path_length,
        coalesce(weights.weight, cast(1 as decimal(13, 12))) as weight,
        case when paths.position is null then conversions.amount else money.attributed_amount end
            as attributed_amount,
        case when paths.position is null then conversions.amount_reporting else money.attributed_money end
            as attributed_money,
        conversions.converted_at,
        touchpoints.touched_at
    from conversions
    cross join models
    left join weights
        on models.model = weights.model and conversions.conversion_number = weights.conversion_number
    left join money
        on
            weights.model = money.model
            and weights.conversion_number = money.conversion_number
            and weights.position = money.position
    left join paths
        on weights.conversion_number = paths.conversion_number and weights.position = paths.position
    left join touchpoints
        on paths.touchpoint_key = touchpoints.touchpoint_key
)

select * from credit
