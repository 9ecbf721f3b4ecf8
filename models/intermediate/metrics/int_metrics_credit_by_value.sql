-- One row is what a model credits, of what was booked or given back in a month, to the touches with one value of a
-- dimension: those of a channel, a campaign, a source and so on. Touches without a value have their row too: each
-- dimension adds up.
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

touch_values as (
    select * from {{ ref('int_metrics_touch_values') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

revenue_entries as (
    select
        entries.entry_number,
        conversions.conversion_type = 'won' and conversions.is_standing and entries.entry_type = 'booking' as is_deal,
        {{ local_month('entries.booked_at', 'run_settings.reporting_time_zone') }} as month_start_date
    from entries
    inner join conversions
        on entries.conversion_number = conversions.conversion_number
    cross join run_settings
    where conversions.conversion_type in ('won', 'order')
),

credit as (
    select
        revenue_entries.month_start_date,
        parts.model,
        coalesce(touch_values.channel, 'unattributed') as channel,
        touch_values.campaign,
        touch_values.source,
        touch_values.medium,
        touch_values.content,
        touch_values.term,
        touch_values.referrer,
        touch_values.landing_page,
        case when revenue_entries.is_deal then parts.weight else 0 end as weight,
        parts.attributed_money
    from parts
    inner join revenue_entries
        on parts.entry_number = revenue_entries.entry_number
    left join touch_values
        on parts.touch_number = touch_values.touch_number
),

by_value as (
    {% for dimension in compared_dimensions() -%}
    select
        month_start_date,
        '{{ dimension }}' as dimension,
        {{ dimension }} as dimension_value,
        model,
        cast(cast(sum(weight) as decimal(30, 12)) as double) as attributed_deals,
        cast(coalesce(sum(attributed_money), 0) as decimal(18, 2)) as attributed_revenue
    from credit
    group by month_start_date, {{ dimension }}, model
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from by_value
