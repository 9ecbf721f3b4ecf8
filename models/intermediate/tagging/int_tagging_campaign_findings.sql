-- One row is something amiss with how a campaign is tagged: no touch carries it though it cost money, or its links
-- write one source in several ways. `fix` is the tag that mends it.
with

campaigns as (
    select * from {{ ref('int_tagging_campaigns') }}
),

ways as (
    select * from {{ ref('int_tagging_ways') }}
),

spellings as (
    select
        campaign_key,
        utm_source,
        sum(visits) as visits,
        min(first_seen_date) as first_seen_date,
        max(last_seen_date) as last_seen_date
    from ways
    where campaign_key is not null and utm_source is not null
    group by campaign_key, utm_source
),

ranked as (
    select
        *,
        count(*) over (partition by campaign_key) as spelling_count,
        row_number() over (partition by campaign_key order by visits desc, utm_source) as spelling_rank
    from spellings
),

findings as (
    select
        'campaign_without_touches' as finding,
        campaign_key,
        channel,
        campaign_name as found,
        concat('utm_campaign=', platform_campaign_id) as fix,
        cast(0 as bigint) as visits,
        spend,
        first_seen_date,
        last_seen_date
    from campaigns
    where touch_count = 0 and spend > 0
    union all
    select
        'source_spelt_differently' as finding,
        spelt.campaign_key,
        campaigns.channel,
        concat('utm_source=', spelt.utm_source) as found,
        concat('utm_source=', lower(usual.utm_source)) as fix,
        spelt.visits,
        campaigns.spend,
        spelt.first_seen_date,
        spelt.last_seen_date
    from ranked as spelt
    inner join ranked as usual
        on spelt.campaign_key = usual.campaign_key and usual.spelling_rank = 1
    inner join campaigns
        on spelt.campaign_key = campaigns.campaign_key
    where spelt.spelling_rank > 1
)

select * from findings
