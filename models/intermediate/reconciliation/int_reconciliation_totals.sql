-- One row is a total of what came in; the gate holds what is to be published against it.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

deals as (
    select * from {{ ref('int_canonical_deals') }}
),

ad_spend as (
    select * from {{ ref('int_canonical_ad_spend') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

totals as (
    select
        'lead_records' as measure,
        cast(count(*) as decimal(38, 8)) as staged
    from leads
    union all
    select
        'deals' as measure,
        cast(count(*) as decimal(38, 8)) as staged
    from deals
    union all
    select
        'deal_amounts' as measure,
        cast(coalesce(sum(amount), 0) as decimal(38, 8)) as staged
    from deals
    union all
    select
        'spend' as measure,
        cast(coalesce(sum(ad_spend.spend), 0) as decimal(38, 8)) as staged
    from ad_spend
    inner join run_settings
        on coalesce(upper(ad_spend.currency), run_settings.reporting_currency) = run_settings.reporting_currency
)

select * from totals
