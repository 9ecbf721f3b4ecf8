-- One row is an entry of a conversion and a touch (or none) with its part of the money under a model, null where there
-- is none. The parts sum to the money exactly, in its own currency and in the reporting currency: each touch gets the
-- whole hundredths of its weight, and what is left goes one each by largest remainder, ties in path order. Ranked are
-- only touches that have a remainder, and twice only where the two amounts differ.
--
-- No table has more rows. So they leave their model, place and weight to the shape's weight that they name, but for a
-- weight that decayed.
with

entries as (
    select * from {{ ref('int_attribution_entries') }}
),

weights as (
    select * from {{ ref('int_attribution_weights') }}
),

moneys as (
    select
        *,
        {{ hundredths('amount') }} as hundredths,
        {{ hundredths('amount_reporting') }} as reporting_hundredths,
        coalesce(amount = amount_reporting, false) as has_one_amount
    from entries
    where amount is not null or amount_reporting is not null
),

shared as (
    select
        moneys.entry_number,
        weights.model,
        weights.touch_number,
        weights.position,
        weights.shape_weight_number,
        weights.decayed_weight,
        moneys.amount,
        moneys.amount_reporting,
        moneys.has_one_amount,
        weights.weight * moneys.hundredths as share,
        weights.weight * moneys.reporting_hundredths as reporting_share
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
        entry_number,
        model,
        touch_number,
        position,
        shape_weight_number,
        decayed_weight,
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
        {{ one_more('remainder', 'by_remainder') }} as one_more
    from with_remainders
    where has_one_amount and remainder > 0
    window
        in_entry as (partition by model, entry_number),
        by_remainder as (partition by model, entry_number order by remainder desc, position)
),

ranked_twice as (
    select
        *,
        {{ one_more('remainder', 'by_remainder') }} as one_more,
        {{ one_more('reporting_remainder', 'by_reporting_remainder') }} as reporting_one_more
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
        *,
        0 as one_more,
        0 as reporting_one_more
    from with_remainders
    where remainder = 0 and reporting_remainder = 0
    union all
    select
        *,
        one_more as reporting_one_more
    from ranked_once
    union all
    select * from ranked_twice
),

allocations as (
    select
        entry_number,
        touch_number,
        shape_weight_number,
        decayed_weight,
        {{ allocated('amount', 'units + one_more') }} as attributed_amount,
        {{ allocated('amount_reporting', 'reporting_units + reporting_one_more') }} as attributed_money
    from counted
    union all
    -- what has no money is most of them, and nothing has to be ranked
    select
        entries.entry_number,
        weights.touch_number,
        weights.shape_weight_number,
        weights.decayed_weight,
        cast(null as decimal(18, 2)) as attributed_amount,
        cast(null as decimal(18, 2)) as attributed_money
    from weights
    inner join entries
        on weights.conversion_number = entries.conversion_number
    where entries.amount is null and entries.amount_reporting is null
)

select * from allocations
