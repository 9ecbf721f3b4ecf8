with

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

initiatives as (
    select * from {{ ref('int_spend_initiatives') }}
),

touches as (
    select * from {{ ref('int_journey_touches') }}
),

mapped as (
    select distinct campaign_key
    from touches
    where campaign_key is not null
),

final as (
    select
        campaigns.campaign_key,
        campaigns.platform,
        campaigns.platform_campaign_id,
        campaigns.campaign_name,
        initiatives.initiative,
        campaigns.channel,
        campaigns.objective,
        campaigns.first_seen_date,
        campaigns.last_seen_date,
        mapped.campaign_key is not null as is_mapped
    from campaigns
    left join initiatives
        on campaigns.campaign_key = initiatives.campaign_key
    left join mapped
        on campaigns.campaign_key = mapped.campaign_key
)

select * from final
