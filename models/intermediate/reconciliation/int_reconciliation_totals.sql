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
        cast(coalesce(sum(spend), 0) as decimal(38, 8)) as staged
    from ad_spend
)

select * from totals
