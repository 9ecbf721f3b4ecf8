-- One row is a model, a conversion and a touch (or none) with its weight and its part of the conversion's money.
-- The parts sum to the money exactly, in the deal's currency and in the reporting currency: each touch gets the whole
-- hundredths of its weight, and what is left goes one each by largest remainder, ties in path order.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

weights as (
    select * from {{ ref('int_attribution_weights') }}
),

paths as (
    select * from {{ ref('int_attribution_paths') }}
),

models as (
    select distinct model from {{ ref('attribution_models') }}
),

weighted as (
    select
        models.model,
        models.model = conversions.attribution_model as is_agreed_model,
        conversions.conversion_type,
        conversions.conversion_key,
        conversions.deal_key,
        paths.lead_key,
        paths.account_key,
        paths.touchpoint_key,
        paths.campaign_key,
        coalesce(paths.channel, 'unattributed') as channel,
        conversions.currency,
        conversions.amount,
        conversions.amount_reporting,
        paths.position,
        coalesce(paths.path_length, 0) as path_length,
        coalesce(weights.weight, cast(1 as decimal(13, 12))) as weight,
        conversions.converted_at,
        paths.touched_at
    from conversions
    cross join models
    left join weights
        on models.model = weights.model and conversions.conversion_key = weights.conversion_key
    left join paths
        on weights.conversion_key = paths.conversion_key and weights.touchpoint_key = paths.touchpoint_key
),

floored as (
    select
        weighted.*,
        {{ floor_share('amount', 'weight') }} as amount_floor,
        {{ floor_share('amount_reporting', 'weight') }} as reporting_floor,
        {{ remainder('amount', 'weight') }} as amount_remainder,
        {{ remainder('amount_reporting', 'weight') }} as reporting_remainder
    from weighted
),

ranked as (
    select
        floored.*,
        {{ hundredths('amount') }} - sum(amount_floor) over in_conversion as amount_left,
        {{ hundredths('amount_reporting') }} - sum(reporting_floor) over in_conversion as reporting_left,
        row_number() over by_amount_remainder as amount_remainder_number,
        row_number() over by_reporting_remainder as reporting_remainder_number
    from floored
    window
        in_conversion as (partition by model, conversion_key),
        by_amount_remainder as (
            partition by model, conversion_key order by amount_remainder desc nulls last, position
        ),
        by_reporting_remainder as (
            partition by model, conversion_key order by reporting_remainder desc nulls last, position
        )
),

handed_out as (
    select
        model,
        is_agreed_model,
        conversion_type,
        conversion_key,
        deal_key,
        lead_key,
        account_key,
        touchpoint_key,
        campaign_key,
        channel,
        currency,
        position,
        path_length,
        weight,
        {{ handed_out('amount', 'amount_floor', 'amount_left', 'amount_remainder_number') }} as attributed_amount,
        {{ handed_out('amount_reporting', 'reporting_floor', 'reporting_left', 'reporting_remainder_number') }}
            as attributed_money,
        converted_at,
        touched_at
    from ranked
)

select * from handed_out
