-- One row is a text by which a touch may mean a campaign, and the campaign: the platform's id, a name that it has or
-- had, an alias of the company's. `campaign_match` says which; the first that a touch has, in this order, counts.
-- Several platforms may have a campaign of one name: then that of the touch's channel is meant, which `channel` names.
with

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

campaign_names as (
    select * from {{ ref('int_spend_campaign_names') }}
),

aliases as (
    select * from {{ ref('campaign_aliases') }}
),

by_id as (
    select
        platform_campaign_id as name,
        min(campaign_key) as campaign_key
    from campaigns
    group by platform_campaign_id
    having count(*) = 1
),

by_name as (
    select
        {{ origin_of('campaign_name') }} as name,
        min(campaign_key) as campaign_key
    from campaign_names
    group by {{ origin_of('campaign_name') }}
    having count(distinct campaign_key) = 1
),

by_channel_and_name as (
    select
        {{ origin_of('campaign_names.campaign_name') }} as name,
        campaigns.channel,
        min(campaign_names.campaign_key) as campaign_key
    from campaign_names
    inner join campaigns
        on campaign_names.campaign_key = campaigns.campaign_key
    group by {{ origin_of('campaign_names.campaign_name') }}, campaigns.channel
    having count(distinct campaign_names.campaign_key) = 1
),

by_alias as (
    select
        aliases.alias as name,
        campaigns.campaign_key
    from aliases
    inner join campaigns
        on
            aliases.platform = campaigns.platform
            and aliases.platform_campaign_id = campaigns.platform_campaign_id
),

unioned as (
    select
        'campaign_id' as campaign_match,
        name,
        cast(null as string) as channel,
        campaign_key
    from by_id
    union all
    select
        'name' as campaign_match,
        by_name.name,
        cast(null as string) as channel,
        by_name.campaign_key
    from by_name
    union all
    select
        'name' as campaign_match,
        by_channel_and_name.name,
        by_channel_and_name.channel,
        by_channel_and_name.campaign_key
    from by_channel_and_name
    left join by_name
        on by_channel_and_name.name = by_name.name
    where by_name.name is null
    union all
    select
        'alias' as campaign_match,
        name,
        cast(null as string) as channel,
        campaign_key
    from by_alias
)

select * from unioned
