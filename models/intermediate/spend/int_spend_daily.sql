-- One row is a day of a campaign of an ad account.
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

daily as (
    select
        ad_spend.date_day,
        ad_spend.source_system as platform,
        ad_spend.account_id,
        ad_spend.campaign_id,
        upper(coalesce(ad_spend.currency, run_settings.reporting_currency)) as currency,
        run_settings.reporting_currency,
        cast(sum(ad_spend.impressions) as bigint) as impressions,
        cast(sum(ad_spend.clicks) as bigint) as clicks,
        cast(sum(ad_spend.spend) as decimal(18, 2)) as spend
    from ad_spend
    cross join run_settings
    group by
        ad_spend.date_day,
        ad_spend.source_system,
        ad_spend.account_id,
        ad_spend.campaign_id,
        upper(coalesce(ad_spend.currency, run_settings.reporting_currency)),
        run_settings.reporting_currency
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
        case when daily.currency = daily.reporting_currency then daily.spend end as spend_reporting
    from daily
    inner join campaigns
        on daily.platform = campaigns.platform and daily.campaign_id = campaigns.platform_campaign_id
)

select * from keyed
