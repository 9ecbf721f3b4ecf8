-- One row is a way in which visits were tagged with something amiss: tags that fit no campaign, an ad's click without
-- tags, an ad's tags without the click's id, or a link on our own pages that is tagged. `fix` is the line or tag that
-- mends it.
with

ways as (
    select * from {{ ref('int_tagging_ways') }}
),

internal_links as (
    select * from {{ ref('int_tagging_internal_links') }}
),

campaigns as (
    select * from {{ ref('int_tagging_campaigns') }}
),

channels as (
    select * from {{ ref('channels') }}
),

click_ids as (
    select * from {{ ref('click_ids') }}
),

-- what a tag most likely means: the one campaign whose name has the same letters
meant as (
    select
        letters,
        min(platform) as platform,
        min(platform_campaign_id) as platform_campaign_id
    from campaigns
    where letters != ''
    group by letters
    having count(*) = 1
),

unknown_campaigns as (
    select
        'unknown_campaign' as finding,
        cast(null as string) as campaign_key,
        ways.channel,
        concat('utm_campaign=', coalesce(ways.utm_campaign, ways.utm_id)) as found,
        concat(
            'campaign_aliases.csv: ', coalesce(ways.utm_campaign, ways.utm_id), ',',
            coalesce(meant.platform, ''), ',', coalesce(meant.platform_campaign_id, '')
        ) as fix,
        ways.visits,
        cast(null as decimal(18, 2)) as spend,
        ways.first_seen_date,
        ways.last_seen_date
    from ways
    left join meant
        on {{ letters_of('ways.utm_campaign') }} = meant.letters
    where ways.campaign_key is null and coalesce(ways.utm_campaign, ways.utm_id) is not null
),

untagged_clicks as (
    select
        'click_id_without_tags' as finding,
        ways.campaign_key,
        ways.channel,
        ways.click_id_type as found,
        concat(
            'utm_source=', click_ids.source, '&utm_medium=', coalesce(click_ids.medium, 'paid_social'),
            '&utm_campaign=', coalesce(campaigns.platform_campaign_id, '')
        ) as fix,
        ways.visits,
        campaigns.spend,
        ways.first_seen_date,
        ways.last_seen_date
    from ways
    inner join click_ids
        on ways.click_id_type = click_ids.click_id_type
    left join campaigns
        on ways.campaign_key = campaigns.campaign_key
    where coalesce(ways.utm_source, ways.utm_medium, ways.utm_campaign, ways.utm_id) is null
),

tags_alone as (
    select
        'tags_without_click_id' as finding,
        ways.campaign_key,
        ways.channel,
        concat('utm_source=', ways.utm_source) as found,
        click_ids.click_id_type as fix,
        ways.visits,
        campaigns.spend,
        ways.first_seen_date,
        ways.last_seen_date
    from ways
    inner join channels
        on ways.channel = channels.channel and channels.is_paid
    inner join click_ids
        on lower(ways.utm_source) = click_ids.source and click_ids.is_usual
    left join campaigns
        on ways.campaign_key = campaigns.campaign_key
    where ways.click_id_type is null
),

tagged_links as (
    select
        'tagged_internal_link' as finding,
        cast(null as string) as campaign_key,
        cast(null as string) as channel,
        concat_ws(
            '&',
            'utm_source=' || utm_source,
            'utm_medium=' || utm_medium,
            'utm_campaign=' || utm_campaign
        ) as found,
        'a link without utm_source, utm_medium and utm_campaign' as fix,
        visits,
        cast(null as decimal(18, 2)) as spend,
        first_seen_date,
        last_seen_date
    from internal_links
),

unioned as (
    select * from unknown_campaigns
    union all
    select * from untagged_clicks
    union all
    select * from tags_alone
    union all
    select * from tagged_links
),

-- one way may differ in what the finding is not about
findings as (
    select
        finding,
        campaign_key,
        channel,
        found,
        fix,
        sum(visits) as visits,
        max(spend) as spend,
        min(first_seen_date) as first_seen_date,
        max(last_seen_date) as last_seen_date
    from unioned
    group by finding, campaign_key, channel, found, fix
)

select * from findings
