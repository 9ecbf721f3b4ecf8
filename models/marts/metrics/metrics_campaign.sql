-- Rows without a campaign have a null key, one for each channel, so that sums agree with the other tables.
with

monthly as (
    select * from {{ ref('int_metrics_monthly') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

by_campaign as (
    select
        monthly.month_start_date,
        monthly.campaign_key,
        campaigns.initiative,
        coalesce(case when monthly.campaign_key is not null then campaigns.channel end, min(monthly.channel))
            as channel,
        {{ monthly_sums() }}
    from monthly
    left join campaigns
        on monthly.campaign_key = campaigns.campaign_key
    group by
        monthly.month_start_date,
        monthly.campaign_key,
        campaigns.initiative,
        campaigns.channel,
        case when monthly.campaign_key is null then monthly.channel end
),

final as (
    select
        month_start_date,
        campaign_key,
        initiative,
        channel,
        {{ monthly_columns() }}
    from by_campaign
)

select * from final
