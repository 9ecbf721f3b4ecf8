-- One row is a day of an ad account, as the platform totals it, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'ad_account_totals') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, date_day, account_id, currency
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
        account_id,

        currency,

        cast(spend as decimal(18, 2)) as spend,

        date_day
    from newest
)

select * from renamed
