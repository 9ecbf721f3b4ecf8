-- One row is a campaign of a platform: as the platform describes it, or only named by its spend.
with

campaigns as (
    select * from {{ ref('int_canonical_campaigns') }}
),

ad_spend as (
    select * from {{ ref('int_canonical_ad_spend') }}
),

spending as (
    select
        source_system,
        campaign_id,
        max(campaign_name) as campaign_name,
        min(date_day) as first_seen_date,
        max(date_day) as last_seen_date
    from ad_spend
    group by source_system, campaign_id
),

named as (
    select
        source_system,
        campaign_id
    from campaigns
    union
    select
        source_system,
        campaign_id
    from spending
),

described as (
    select
        {{ stable_key(['named.source_system', 'named.campaign_id']) }} as campaign_key,
        named.source_system as platform,
        named.campaign_id as platform_campaign_id,

        coalesce(campaigns.name, spending.campaign_name) as campaign_name,
        lower(campaigns.channel) as channel,
        campaigns.objective,

        spending.first_seen_date,
        spending.last_seen_date
    from named
    left join campaigns
        on named.source_system = campaigns.source_system and named.campaign_id = campaigns.campaign_id
    left join spending
        on named.source_system = spending.source_system and named.campaign_id = spending.campaign_id
)

select * from described
