-- One row is a model, an entry of a conversion and a touch (or none) with its part of it: its weight, and of the money
-- so much, null where there is none. The parts sum to the money exactly, in its own currency and in the reporting
-- currency: each touch gets the whole hundredths of its weight, and what is left goes one each by largest remainder,
-- ties in path order. Ranked are only touches that have a remainder, and twice only where the two amounts differ.
with

entries as (
    select * from {{ ref('int_attribution_entries') }}
),

weights as (
    select * from {{ ref('int_attribution_weights') }}
),

moneys as (
    select
        entry_number,
        conversion_number,
        amount,
        amount_reporting,
        {{ hundredths('amount') }} as hundredths,
        {{ hundredths('amount_reporting') }} as reporting_hundredths,
        coalesce(amount = amount_reporting, false) as has_one_amount
    from entries
),

shared as (
    select
        weights.model,
        moneys.entry_number,
        weights.touch_number,
        weights.position,
        weights.shape_weight_number,
        weights.weight,
        moneys.amount,
        moneys.amount_reporting,
        moneys.has_one_amount,
        weights.weight * moneys.hundredths as share,
        case when not moneys.has_one_amount then weights.weight * moneys.reporting_hundredths end as reporting_share
    from weights
    inner join moneys
        on weights.conversion_number = moneys.conversion_number
),

floored as (
    select
        *,
        cast(floor(share) as decimal(18, 0)) as units,
        cast(floor(reporting_share) as decimal(18, 0)) as reporting_units
    from shared
),

with_remainders as (
    select
        model,
        entry_number,
        touch_number,
        position,
        shape_weight_number,
        weight,
        amount,
        amount_reporting,
        has_one_amount,
        units,
        reporting_units,
        coalesce(share - units, 0) as remainder,
        coalesce(reporting_share - reporting_units, 0) as reporting_remainder
    from floored
),

ranked_once as (
    select
        *,
        sum(remainder) over in_entry as units_left,
        row_number() over by_remainder as remainder_number
    from with_remainders
    where remainder > 0 and has_one_amount
    window
        in_entry as (partition by model, entry_number),
        by_remainder as (partition by model, entry_number order by remainder desc, position)
),

ranked_twice as (
    select
        *,
        sum(remainder) over in_entry as units_left,
        row_number() over by_remainder as remainder_number,
        sum(reporting_remainder) over in_entry as reporting_units_left,
        row_number() over by_reporting_remainder as reporting_remainder_number
    from with_remainders
    where not has_one_amount and (remainder > 0 or reporting_remainder > 0)
    window
        in_entry as (partition by model, entry_number),
        by_remainder as (partition by model, entry_number order by remainder desc, position),
        by_reporting_remainder as (
            partition by model, entry_number order by reporting_remainder desc, position
        )
),

counted as (
    select
        model,
        entry_number,
        touch_number,
        position,
        shape_weight_number,
        weight,
        amount,
        amount_reporting,
        units,
        case when has_one_amount then units else reporting_units end as reporting_units
    from with_remainders
    where remainder = 0 and reporting_remainder = 0
    union all
    select
        model,
        entry_number,
        touch_number,
        position,
        shape_weight_number,
        weight,
        amount,
        amount_reporting,
        {{ one_more('units', 'remainder_number', 'units_left') }},
        {{ one_more('units', 'remainder_number', 'units_left') }}
    from ranked_once
    union all
    select
        model,
        entry_number,
        touch_number,
        position,
        shape_weight_number,
        weight,
        amount,
        amount_reporting,
        {{ one_more('units', 'remainder_number', 'units_left') }},
        {{ one_more('reporting_units', 'reporting_remainder_number', 'reporting_units_left') }}
    from ranked_twice
),

parts as (
    select
        model,
        entry_number,
        touch_number,
        position,
        shape_weight_number,
        weight,
        {{ allocated('amount', 'units') }} as attributed_amount,
        {{ allocated('amount_reporting', 'reporting_units') }} as attributed_money
    from counted
)

select * from parts
