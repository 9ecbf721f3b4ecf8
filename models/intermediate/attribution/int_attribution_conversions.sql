-- One row is a conversion: what happened, when, to whom or to which deal or order, its money when it was booked, and
-- the terms in force then. Each win of a deal is one; one that a reopening took back does not stand.
-- The many rows of its path know it by its number, which is shorter than its key.
with

lead_stages as (
    select * from {{ ref('int_agreement_judged_stages') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

revenue_events as (
    select * from {{ ref('int_revenue_events') }}
),

terms as (
    select * from {{ ref('int_agreement_terms') }}
),

stage_conversions as (
    select
        {{ stable_key(["stage", "lead_key", "'1'"]) }} as conversion_key,
        stage as conversion_type,
        cast(null as string) as deal_key,
        cast(null as string) as order_key,
        lead_key,
        cast(null as string) as account_key,
        cast(null as string) as currency,
        cast(null as decimal(18, 2)) as amount,
        cast(null as decimal(18, 2)) as amount_reporting,
        true as is_standing,
        reached_at as converted_at
    from lead_stages
),

opportunity_conversions as (
    select
        {{ stable_key(["'opportunity'", "deal_key"]) }} as conversion_key,
        'opportunity' as conversion_type,
        deal_key,
        cast(null as string) as order_key,
        cast(null as string) as lead_key,
        account_key,
        currency,
        amount_at_creation as amount,
        pipeline_reporting as amount_reporting,
        true as is_standing,
        created_at as converted_at
    from deals
),

revenue_conversions as (
    select
        conversion_key,
        case when deal_key is null then 'order' else 'won' end as conversion_type,
        deal_key,
        order_key,
        case when deal_key is null then lead_key end as lead_key,
        account_key,
        currency,
        amount,
        amount_reporting,
        is_standing,
        booked_at as converted_at
    from revenue_events
    where entry_type = 'booking'
),

conversions as (
    select * from stage_conversions
    union all
    select * from opportunity_conversions
    union all
    select * from revenue_conversions
),

with_terms as (
    select
        conversions.conversion_key,
        conversions.conversion_type,
        conversions.deal_key,
        conversions.order_key,
        conversions.lead_key,
        conversions.account_key,

        conversions.currency,
        terms.attribution_model,
        terms.attribution_scope,

        conversions.amount,
        conversions.amount_reporting,
        terms.lookback_days,
        terms.half_life_days,
        terms.max_days_before_conversion,
        conversions.is_standing,
        row_number() over (order by conversions.conversion_key) as conversion_number,

        conversions.converted_at
    from conversions
    inner join terms
        on conversions.converted_at >= terms.starts_at and conversions.converted_at < terms.ends_at
)

select * from with_terms
