-- The ad platforms, each in its manner; spend in the account's own currency.
create macro campaigns_on(name) as table
select distinct campaign_id, campaign, objective, channel from ad_days where platform = name order by campaign_id;

create macro days_on(name) as table
select * from ad_days where platform = name order by day, campaign_id;

create macro totals_on(name) as table
select day, sum(spend) as spend from ad_days where platform = name group by day order by day;

create macro clicks_on(name) as table
select visits.click_id, visits.campaign_id, visits.started_at
from visits
inner join ways on visits.way = ways.way
where ways.platform = name and visits.click_id is not null and is_past(visits.started_at)
order by visits.started_at, visits.click_id;

copy (
    select campaign_id as "campaign.id", campaign as "campaign.name", objective, channel from campaigns_on('google_ads')
)
to (file_in('google_ads/campaigns.csv')) (header);

copy (
    select
        day as "segments.date",
        campaign_id as "campaign.id",
        campaign as "campaign.name",
        spend,
        impressions,
        clicks,
        conversions,
        conversion_value as conversions_value
    from days_on('google_ads')
) to (file_in('google_ads/campaign_days.csv')) (header);

copy (
    select
        click_id as "click_view.gclid",
        campaign_id as "campaign.id",
        local_text(started_at) as "clicked_at"
    from clicks_on('google_ads')
) to (file_in('google_ads/click_view.csv')) (header);

copy (select day, spend from totals_on('google_ads')) to (file_in('google_ads/account_days.csv')) (header);

copy (select campaign_id as id, campaign as name, objective, channel from campaigns_on('meta_ads'))
to (file_in('meta_ads/campaigns.jsonl')) (format json);

-- its numbers come as text
copy (
    select
        day as date_start,
        campaign_id,
        campaign as campaign_name,
        cast(spend as text) as spend,
        cast(impressions as text) as impressions,
        cast(clicks as text) as clicks,
        cast(conversions as text) as leads
    from days_on('meta_ads')
) to (file_in('meta_ads/insights.jsonl')) (format json);

copy (
    select
        campaign_id,
        period_type,
        period_start_date,
        reach,
        frequency
    from ad_reach
    where platform = 'meta_ads'
    order by campaign_id, period_type, period_start_date
) to (file_in('meta_ads/reach.jsonl')) (format json);

copy (select day, spend from totals_on('meta_ads')) to (file_in('meta_ads/account_days.jsonl')) (format json);

copy (
    select
        'l' || meetings.encounter as id,
        utc_text(meetings.met_at) as created_time,
        meetings.campaign_id,
        ways.campaign as campaign_name,
        people.email
    from meetings
    inner join people
        on meetings.i = people.i
    inner join ways
        on meetings.way = ways.way
    where meetings.trace = 'lead_ad' and meetings.is_asking and is_past(meetings.met_at)
    order by meetings.encounter
) to (file_in('meta_ads/lead_forms.jsonl')) (format json);

copy (select campaign_id, campaign as campaign_name, objective, channel from campaigns_on('tiktok_ads'))
to (file_in('tiktok_ads/campaigns.csv')) (header, delimiter ';');

copy (
    select
        day as stat_time_day,
        campaign_id,
        campaign as campaign_name,
        rupiah(spend) as spend,
        impressions,
        clicks,
        conversions as conversion
    from days_on('tiktok_ads')
) to (file_in('tiktok_ads/report.csv')) (header, delimiter ';');

copy (select campaign_id, campaign as campaign_name, objective, channel from campaigns_on('linkedin_ads'))
to (file_in('linkedin_ads/campaign_groups.parquet')) (format parquet);

copy (
    select
        day,
        campaign_id as campaign_group_id,
        campaign as campaign_group,
        spend as cost_in_local_currency,
        impressions,
        clicks,
        conversions as external_website_conversions
    from days_on('linkedin_ads')
) to (file_in('linkedin_ads/analytics.parquet')) (format parquet);
