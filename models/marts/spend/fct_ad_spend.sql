-- Written once, with the publication.
{{ config(materialized='view') }}

with

spend as (
    select * from {{ ref('int_spend_daily') }}
),

final as (
    select
        date_day,
        platform,
        account_id,
        campaign_key,

        impressions,
        clicks,
        spend,
        currency,
        spend_reporting,
        cast(rate_age_days as bigint) as rate_age_days,
        cast(conversions as double) as platform_conversions,
        conversion_value as platform_conversion_value
    from spend
)

select * from final
