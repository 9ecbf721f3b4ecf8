-- what each campaign cost on each day, as its platform says by the present
create table truth.spend as
select
    ad_days.platform,
    ad_days.campaign_id,
    ad_days.day as date_day,
    ad_days.spend,
    ad_days.currency,
    cast(round(ad_days.spend * coalesce(exchange_rates.rate, 1), 2) as decimal(18, 2)) as spend_reporting,
    ad_days.impressions,
    ad_days.clicks
from ad_days
asof left join exchange_rates
    on ad_days.currency = exchange_rates.currency and ad_days.day >= exchange_rates.day
order by ad_days.platform, ad_days.campaign_id, ad_days.day;
