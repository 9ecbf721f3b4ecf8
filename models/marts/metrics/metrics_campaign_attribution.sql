-- Rows without a campaign have a null key, one for each channel, so that sums agree with the other tables.
with

monthly_credit as (
    select * from {{ ref('int_metrics_monthly_credit') }}
),

monthly as (
    select * from {{ ref('int_metrics_monthly') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

of_campaigns as (
    select
        monthly_credit.month_start_date,
        monthly_credit.campaign_key,
        coalesce(campaigns.channel, monthly_credit.channel) as channel,
        monthly_credit.model,
        monthly_credit.date_basis,
        monthly_credit.conversion_type,
        monthly_credit.is_advertised,
        monthly_credit.weight,
        monthly_credit.attributed_money
    from monthly_credit
    left join campaigns
        on monthly_credit.campaign_key = campaigns.campaign_key
),

by_campaign as (
    select
        month_start_date,
        campaign_key,
        channel,
        model,
        date_basis,
        {{ attributed_sums() }}
    from of_campaigns
    group by month_start_date, campaign_key, channel, model, date_basis
),

spend_by_campaign as (
    select
        month_start_date,
        campaign_key,
        sum(spend) as spend
    from monthly
    where campaign_key is not null
    group by month_start_date, campaign_key
),

final as (
    select
        by_campaign.month_start_date,
        by_campaign.campaign_key,
        by_campaign.channel,
        by_campaign.model,
        by_campaign.date_basis,

        by_campaign.attributed_leads,
        by_campaign.attributed_mqls,
        by_campaign.attributed_sqls,
        by_campaign.attributed_opportunities,
        by_campaign.attributed_deals,
        by_campaign.attributed_pipeline,
        by_campaign.attributed_revenue,
        {{ ratio('by_campaign.advertised_revenue', 'spend_by_campaign.spend') }} as return_on_ad_spend
    from by_campaign
    left join spend_by_campaign
        on
            by_campaign.month_start_date = spend_by_campaign.month_start_date
            and by_campaign.campaign_key = spend_by_campaign.campaign_key
)

select * from final
