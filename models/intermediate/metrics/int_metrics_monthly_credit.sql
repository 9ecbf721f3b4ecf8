-- One row is what a model credits to a campaign and channel in a month, by each basis on which a conversion may count:
-- the month in which it was booked or given back, that of the touch, or that in which its oldest lead was created. What
-- has no touch or no people counts in the month in which it was booked.
with

parts as (
    select * from {{ ref('int_attribution_parts') }}
),

entries as (
    select * from {{ ref('int_attribution_entries') }}
),

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

milestones as (
    select * from {{ ref('int_attribution_milestones') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

monthly as (
    select * from {{ ref('int_metrics_monthly') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

dated_entries as (
    select
        entries.entry_number,
        conversions.conversion_type,
        -- counted are deals that are won by now, and nothing twice
        entries.entry_type = 'booking' and conversions.is_standing as is_counted,
        {{ local_month('entries.booked_at', 'run_settings.reporting_time_zone') }} as booked_month,
        {{ local_month(
            'coalesce(milestones.lead_created_at, conversions.converted_at)', 'run_settings.reporting_time_zone'
        ) }} as lead_created_month
    from entries
    inner join conversions
        on entries.conversion_number = conversions.conversion_number
    left join milestones
        on conversions.conversion_number = milestones.conversion_number
    cross join run_settings
),

dated_touches as (
    select
        touchpoints.touch_number,
        touchpoints.channel,
        touchpoints.campaign_key,
        {{ local_month('touchpoints.touched_at', 'run_settings.reporting_time_zone') }} as touched_month
    from touchpoints
    cross join run_settings
),

summed as (
    select
        parts.model,
        dated_entries.conversion_type,
        coalesce(dated_touches.channel, 'unattributed') as channel,
        dated_touches.campaign_key,
        dated_entries.booked_month,
        coalesce(dated_touches.touched_month, dated_entries.booked_month) as touched_month,
        dated_entries.lead_created_month,
        sum(case when dated_entries.is_counted then parts.weight else 0 end) as weight,
        sum(parts.attributed_money) as attributed_money
    from parts
    inner join dated_entries
        on parts.entry_number = dated_entries.entry_number
    left join dated_touches
        on parts.touch_number = dated_touches.touch_number
    group by
        parts.model,
        dated_entries.conversion_type,
        coalesce(dated_touches.channel, 'unattributed'),
        dated_touches.campaign_key,
        dated_entries.booked_month,
        coalesce(dated_touches.touched_month, dated_entries.booked_month),
        dated_entries.lead_created_month
),

by_basis as (
    {% for basis in ['converted', 'touched', 'lead_created'] -%}
    select
        '{{ basis }}' as date_basis,
        {{ 'booked' if basis == 'converted' else basis }}_month as month_start_date,
        model,
        channel,
        campaign_key,
        conversion_type,
        weight,
        attributed_money
    from summed
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

advertised as (
    select distinct
        month_start_date,
        campaign_key
    from monthly
    where spend > 0 and campaign_key is not null
),

credited as (
    select
        by_basis.date_basis,
        by_basis.month_start_date,
        by_basis.model,
        by_basis.channel,
        by_basis.campaign_key,
        advertised.campaign_key is not null as is_advertised,
        by_basis.conversion_type,
        cast(sum(by_basis.weight) as decimal(30, 12)) as weight,
        cast(coalesce(sum(by_basis.attributed_money), 0) as decimal(18, 2)) as attributed_money
    from by_basis
    left join advertised
        on
            by_basis.month_start_date = advertised.month_start_date
            and by_basis.campaign_key = advertised.campaign_key
    group by
        by_basis.date_basis,
        by_basis.month_start_date,
        by_basis.model,
        by_basis.channel,
        by_basis.campaign_key,
        advertised.campaign_key,
        by_basis.conversion_type
)

select * from credited
