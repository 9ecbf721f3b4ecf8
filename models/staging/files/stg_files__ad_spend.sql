-- One row is a day of an ad (ad set, campaign), from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'ad_spend') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_name, date_day, account_id, campaign_id, adset_id, ad_id
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
        source_name as source_system,
        account_id,
        campaign_id,
        adset_id,
        ad_id,

        currency,
        campaign_name,

        cast(spend as decimal(18, 2)) as spend,
        impressions,
        clicks,
        reach,
        cast(conversions as decimal(18, 6)) as conversions,
        cast(conversion_value as decimal(18, 2)) as conversion_value,

        date_day
    from newest
)

select * from renamed
