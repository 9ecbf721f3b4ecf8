-- When the company lives. All times are local times in Jakarta until the files are written.
-- Given as variables: months, present (what the systems know by then is written).

create table calendar as
select
    cast(date '2026-11-01' - to_months(getvariable('months')) as date) as first_day,
    cast(getvariable('present') as timestamp) as present,
    -- life goes on after the present, so that a later round tells what an earlier one did not know yet
    timestamp '2026-11-15 00:00:00' as ends_at,
    -- the second version of the agreement governs from here on
    timestamp '2026-02-16 00:00:00' as second_version_at;

-- how many people come to need tax software on a day, beside other days: the annual return is due in March (persons)
-- and April (companies), nobody buys around Idulfitri, and the market grows
create table need_days as
with

days as (
    select cast(unnest(generate_series(first_day, cast(ends_at as date), interval 1 day)) as date) as day
    from calendar
),

weighed as (
    select
        day,
        -- decimal, since a sum of doubles depends on their order
        cast(
            [1.10, 1.20, 1.55, 1.30, 0.90, 0.85, 0.90, 0.95, 1.00, 1.05, 1.00, 0.80][month(day)]
            * case when isodow(day) > 5 then 0.55 else 1 end
            * case
                when day between date '2025-03-29' and date '2025-04-07' then 0.3
                when day between date '2026-03-19' and date '2026-03-27' then 0.3
                else 1
            end
            * (1 + 0.9 * date_diff('day', calendar.first_day, day) / 730) as decimal(18, 9)
        ) as weight
    from days
    cross join calendar
)

select
    day,
    (sum(weight) over (order by day) - weight) / sum(weight) over () as from_share
from weighed;

-- the central bank publishes rates on working days: a Sunday has none, and Friday's holds
create table exchange_rates as
with

days as (
    select cast(unnest(generate_series(first_day - 7, cast(ends_at as date), interval 1 day)) as date) as day
    from calendar
),

moves as (
    select
        day,
        currency,
        start,
        sum(cast(volatility * bell('rate ' || currency, day) as decimal(18, 9)))
            over (partition by currency order by day)
            as drift
    from days
    cross join (values ('SGD', 12150, 0.0022), ('USD', 15850, 0.0028)) as currencies (currency, start, volatility)
    where isodow(day) <= 5
)

select
    day,
    currency,
    cast(round(start * exp(drift), 2) as decimal(18, 6)) as rate
from moves;

-- Jakarta knows no summer time
create macro utc(moment) as (moment - interval 7 hour);

create macro is_past(moment) as (moment < cast(getvariable('present') as timestamp));
