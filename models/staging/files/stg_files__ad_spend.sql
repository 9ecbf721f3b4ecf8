-- One row is a day of an ad (ad set, campaign), from files. The rows that the newest file has of a key are added up,
-- and a row of several days is spread evenly over them; reach can be neither added nor spread.
with

files as (
    select * from {{ source('raw_files', 'ad_spend') }}
),

typed as (
    select
        source_system,
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

        date_day as first_day,
        -- a row whose last day comes before its first is of that one day
        case
            when last_day is not null then greatest(date_day, last_day)
            when period_type = 'week' then cast({{ dbt.dateadd('day', 6, 'date_day') }} as date)
            when period_type = 'month' then {{ dbt.last_day('date_day', 'month') }}
            else date_day
        end as last_day,
        _modified_at,
        _file
    from files
),

by_day as (
    select
        *,
        {{ date_spine('first_day', 'last_day') }} as date_day
    from typed
),

numbered as (
    select
        *,
        {{ dbt.datediff('first_day', 'last_day', 'day') }}
        + 1 as days,
        {{ dbt.datediff('first_day', 'date_day', 'day') }}
        + 1 as day
    from by_day
),

spread as (
    select
        source_system,
        account_id,
        campaign_id,
        adset_id,
        ad_id,

        currency,
        campaign_name,

        {{ even_share('spend', 2, 'days', 'day') }} as spend,
        {{ even_share('impressions', 0, 'days', 'day') }} as impressions,
        {{ even_share('clicks', 0, 'days', 'day') }} as clicks,
        case when days = 1 then reach end as reach,
        {{ even_share('conversions', 6, 'days', 'day') }} as conversions,
        {{ even_share('conversion_value', 2, 'days', 'day') }} as conversion_value,

        date_day,
        rank() over by_key as file_recency
    from numbered
    window by_key as (
        partition by source_system, date_day, account_id, currency, campaign_id, adset_id, ad_id
        order by _modified_at desc, _file desc
    )
),

summed as (
    select
        source_system,
        account_id,
        campaign_id,
        adset_id,
        ad_id,

        currency,
        max(campaign_name) as campaign_name,

        cast(sum(spend) as decimal(18, 2)) as spend,
        cast(sum(impressions) as bigint) as impressions,
        cast(sum(clicks) as bigint) as clicks,
        case when count(*) = 1 then max(reach) end as reach,
        cast(sum(conversions) as decimal(18, 6)) as conversions,
        cast(sum(conversion_value) as decimal(18, 2)) as conversion_value,

        date_day
    from spread
    where file_recency = 1
    group by source_system, date_day, account_id, currency, campaign_id, adset_id, ad_id
)

select * from summed
