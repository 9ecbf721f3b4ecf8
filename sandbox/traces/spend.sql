-- What the ad platforms say of each day, as they say it by the present: spend is corrected for three days, conversions
-- are counted by the day of the click and so go on growing for a month.
create table ad_days as
with

clicked as (
    select
        cast(met_at as date) as day,
        campaign_id,
        count(*) filter (where trace != 'seen') as clicks,
        count(*) filter (where is_asking) as asked
    from meetings
    where campaign_id is not null
    group by all
),

days as (
    select
        cast(days.day as date) as day,
        ways.*,
        getvariable('leads') / 3000.0 as scale,
        date_diff('day', cast(days.day as date), cast(calendar.present as date)) as age
    from ways
    cross join calendar
    cross join
        lateral unnest(
            generate_series(ways.first_day, least(ways.last_day, cast(calendar.present as date) - 1), interval 1 day)
        )
            as days (day)
    where ways.platform is not null
),

spent as (
    select
        days.*,
        daily_budget * scale * (0.75 + 0.35 * chance('spend ' || days.campaign_id, days.day))
        * case when isodow(days.day) > 5 then 0.8 else 1 end as settled_spend,
        coalesce(clicked.clicks, 0) as met_clicks,
        coalesce(clicked.asked, 0) as asked
    from days
    left join clicked
        on days.day = clicked.day and days.campaign_id = clicked.campaign_id
)

select
    day,
    platform,
    way,
    trace,
    campaign_id,
    campaign,
    objective,
    channel,
    met_clicks,
    -- clicks that turn out to be invalid are paid back within three days; LinkedIn bills in dollars
    cast(
        case platform
            when 'linkedin_ads' then round(settled_spend * (1 + 0.01 * greatest(4 - age, 0)) / 15850, 2)
            else round(settled_spend * (1 + 0.01 * greatest(4 - age, 0)), 0)
        end as decimal(18, 2)
    ) as spend,
    case platform when 'linkedin_ads' then 'USD' else 'IDR' end as currency,
    cast(round(settled_spend / (60 + 40 * chance('cpm ' || campaign_id, day))) as bigint) as impressions,
    greatest(
        cast(round(settled_spend / (9000 + 7000 * chance('cpc ' || campaign_id, day))) as bigint), met_clicks
    ) as clicks,
    -- platforms count whoever saw an ad and asked by any way, so more than their clicks brought
    cast(floor((asked * 1.4 + chance('claims ' || campaign_id, day)) * least(1, 0.35 + 0.65 * age / 28.0)) as bigint)
        as conversions,
    -- what somebody once typed in as the worth of a lead
    case platform when 'google_ads' then 1500000 * conversions end as conversion_value
from spent;

-- people who saw a campaign in a week or month: fewer than its impressions, and no sum of shorter periods
create table ad_reach as
select
    campaign_id,
    platform,
    period_type,
    cast(date_trunc(period_type, day) as date) as period_start_date,
    cast(round(sum(impressions) / (1.3 + 0.05 * count(*))) as bigint) as reach,
    round(1.3 + 0.05 * count(*), 2) as frequency
from ad_days
cross join (values ('week'), ('month')) as periods (period_type)
group by all;
