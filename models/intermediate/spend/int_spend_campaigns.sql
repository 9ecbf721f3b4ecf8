-- One row is a campaign of a platform: as the platform describes it, or only named by its spend. Its channel is one of
-- ours: what its description says, else what leads of a source of that name would have.
with

campaigns as (
    select * from {{ ref('int_canonical_campaigns') }}
),

ad_spend as (
    select * from {{ ref('int_canonical_ad_spend') }}
),

campaign_names as (
    select * from {{ ref('int_spend_campaign_names') }}
    where is_newest
),

channels as (
    select * from {{ ref('channels') }}
),

source_channels as (
    select * from {{ ref('lead_source_channels') }}
),

paid_sources as (
    select
        source_channels.source,
        source_channels.channel
    from source_channels
    inner join channels
        on source_channels.channel = channels.channel
    where channels.is_paid
),

spending as (
    select
        source_system,
        campaign_id,
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

keyed as (
    select
        {{ stable_key(['source_system', 'campaign_id']) }} as campaign_key,
        source_system,
        campaign_id
    from named
),

described as (
    select
        keyed.campaign_key,
        keyed.source_system as platform,
        keyed.campaign_id as platform_campaign_id,

        campaign_names.campaign_name,
        -- what was paid for without a channel of ours is paid all the same
        coalesce(
            channels.channel,
            paid_sources.channel,
            case when spending.campaign_id is null then 'unknown' else 'paid_other' end
        ) as channel,
        campaigns.objective,

        spending.first_seen_date,
        spending.last_seen_date
    from keyed
    left join campaigns
        on keyed.source_system = campaigns.source_system and keyed.campaign_id = campaigns.campaign_id
    left join campaign_names
        on keyed.campaign_key = campaign_names.campaign_key
    left join channels
        on {{ folded('campaigns.channel') }} = channels.channel
    left join paid_sources
        on {{ folded('keyed.source_system') }} = paid_sources.source
    left join spending
        on keyed.source_system = spending.source_system and keyed.campaign_id = spending.campaign_id
)

select * from described
