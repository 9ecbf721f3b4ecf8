-- One row is a currency's rate and the days on which it is the last known one: what one unit is worth in the reporting
-- currency, which is worth 1 on any day and of no date. Of several sources with a day's rate the first by name counts.
with

exchange_rates as (
    select * from {{ ref('int_canonical_exchange_rates') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

ranked as (
    select
        upper(exchange_rates.currency) as currency,
        exchange_rates.rate,
        exchange_rates.date_day,
        row_number() over by_day as place
    from exchange_rates
    cross join run_settings
    where upper(exchange_rates.currency) != run_settings.reporting_currency
    window by_day as (
        partition by upper(exchange_rates.currency), exchange_rates.date_day order by exchange_rates.source_system
    )
),

foreign_rates as (
    select
        currency,
        rate,
        date_day as starts_on,
        date_day as rate_date,
        coalesce(
            lead(date_day) over (partition by currency order by date_day), cast('9999-12-31' as date)
        ) as ends_before
    from ranked
    where place = 1
),

own_rate as (
    select
        reporting_currency as currency,
        cast(1 as decimal(18, 6)) as rate,
        cast('1900-01-01' as date) as starts_on,
        cast(null as date) as rate_date,
        cast('9999-12-31' as date) as ends_before
    from run_settings
),

rates as (
    select * from foreign_rates
    union all
    select * from own_rate
)

select * from rates
