-- One row is a model, a conversion and a touch (or none) with its part of the conversion: its weight, and of the money
-- so much, null where there is none. The parts sum to the money exactly, in the deal's currency and in the reporting
-- currency: each touch gets the whole hundredths of its weight, and what is left goes one each by largest remainder,
-- ties in path order.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

weights as (
    select * from {{ ref('int_attribution_weights') }}
),

weighted as (
    select
        weights.*,
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
    where weight < 1 and (amount is not null or amount_reporting is not null)
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

divided as (
    select
        model,
        conversion_number,
        touch_number,
        position,
        path_length,
        rule,
        weight,
        {{ handed_out('amount', 'amount_floor', 'amount_left', 'amount_remainder_number') }} as attributed_amount,
        {{ handed_out('amount_reporting', 'reporting_floor', 'reporting_left', 'reporting_remainder_number') }}
            as attributed_money
    from ranked
),

-- most conversions are stages, which have no money, and many models name one touch: nothing is to be ranked there
undivided as (
    select
        model,
        conversion_number,
        touch_number,
        position,
        path_length,
        rule,
        weight,
        amount as attributed_amount,
        amount_reporting as attributed_money
    from weighted
    where weight = 1 or (amount is null and amount_reporting is null)
),

parts as (
    select * from divided
    union all
    select * from undivided
)

select * from parts
