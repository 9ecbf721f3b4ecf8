-- One row is a model, a conversion with money and a touch (by its position) with its part of that money. The parts sum
-- to the money exactly, in the deal's currency and in the reporting currency: each touch gets the whole hundredths of
-- its weight, and what is left goes one each by largest remainder, ties in path order.
{{ config(materialized='view') }}

with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
    where amount is not null or amount_reporting is not null
),

weights as (
    select * from {{ ref('int_attribution_weights') }}
),

weighted as (
    select
        weights.model,
        weights.conversion_number,
        weights.position,
        weights.weight,
        conversions.amount,
        conversions.amount_reporting
    from weights
    inner join conversions
        on weights.conversion_number = conversions.conversion_number
),

floored as (
    select
        *,
        {{ floor_share('amount', 'weight') }} as amount_floor,
        {{ floor_share('amount_reporting', 'weight') }} as reporting_floor,
        {{ remainder('amount', 'weight') }} as amount_remainder,
        {{ remainder('amount_reporting', 'weight') }} as reporting_remainder
    from weighted
),

ranked as (
    select
        *,
        {{ hundredths('amount') }} - sum(amount_floor) over in_conversion as amount_left,
        {{ hundredths('amount_reporting') }} - sum(reporting_floor) over in_conversion as reporting_left,
        row_number() over by_amount_remainder as amount_remainder_number,
        row_number() over by_reporting_remainder as reporting_remainder_number
    from floored
    window
        in_conversion as (partition by model, conversion_number),
        by_amount_remainder as (
            partition by model, conversion_number order by amount_remainder desc nulls last, position
        ),
        by_reporting_remainder as (
            partition by model, conversion_number order by reporting_remainder desc nulls last, position
        )
),

handed_out as (
    select
        model,
        conversion_number,
        position,
        {{ handed_out('amount', 'amount_floor', 'amount_left', 'amount_remainder_number') }} as attributed_amount,
        {{ handed_out('amount_reporting', 'reporting_floor', 'reporting_left', 'reporting_remainder_number') }}
            as attributed_money
    from ranked
)

select * from handed_out
