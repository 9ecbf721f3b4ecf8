-- One row is a currency's rate on a day, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'exchange_rates') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, date_day, currency
        order by {{ newest_first() }}
    )
),

newest as (
    select *
    from ranked
    where recency = 1
),

renamed as (
    select
        source_system,

        currency,

        cast(rate as decimal(18, 6)) as rate,

        date_day
    from newest
)

select * from renamed
