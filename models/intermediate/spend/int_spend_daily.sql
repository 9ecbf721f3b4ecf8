-- One row is a day of a campaign of an ad account; its spend also in the reporting currency at the day's rate.
with

ad_spend as (
    select * from {{ ref('int_canonical_ad_spend') }}
),

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

rates as (
    select * from {{ ref('int_rates_by_day') }}
),

daily as (
    select
        ad_spend.date_day,
        ad_spend.source_system as platform,
        ad_spend.account_id,
        ad_spend.campaign_id,
        upper(coalesce(ad_spend.currency, run_settings.reporting_currency)) as currency,
        cast(sum(ad_spend.impressions) as bigint) as impressions,
        cast(sum(ad_spend.clicks) as bigint) as clicks,
        cast(sum(ad_spend.spend) as decimal(18, 2)) as spend,
        cast(sum(ad_spend.conversions) as decimal(18, 6)) as conversions,
        cast(sum(ad_spend.conversion_value) as decimal(18, 2)) as conversion_value
    from ad_spend
    cross join run_settings
    group by
        ad_spend.date_day,
        ad_spend.source_system,
        ad_spend.account_id,
        ad_spend.campaign_id,
        upper(coalesce(ad_spend.currency, run_settings.reporting_currency))
),

keyed as (
    select
        daily.date_day,
        daily.platform,
        daily.account_id,
        campaigns.campaign_key,
        campaigns.channel,
        daily.currency,

        daily.impressions,
        daily.clicks,
        daily.spend,
        daily.conversions,
        daily.conversion_value,
        {{ dbt.datediff('rates.rate_date', 'daily.date_day', 'day') }}
            as rate_age_days,
        {{ in_reporting_currency('daily.spend', 'rates.rate') }} as spend_reporting
    from daily
    inner join campaigns
        on daily.platform = campaigns.platform and daily.campaign_id = campaigns.platform_campaign_id
    left join rates
        on
            daily.currency = rates.currency
            and daily.date_day >= rates.starts_on
            and daily.date_day < rates.ends_before
)

select * from keyed
