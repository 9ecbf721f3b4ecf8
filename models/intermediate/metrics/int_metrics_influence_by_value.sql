-- One row is a month and a value of a dimension with the whole revenue of the deals and orders that had a touch with
-- that value on their path: one counts once for each value that it met.
with

paths as (
    select * from {{ ref('int_attribution_paths') }}
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

met as (
    select
        entries.entry_number,
        {{ local_month('entries.booked_at', 'run_settings.reporting_time_zone') }} as month_start_date,
        entries.amount_reporting,
        touch_values.channel,
        touch_values.campaign,
        touch_values.source,
        touch_values.medium,
        touch_values.content,
        touch_values.term,
        touch_values.referrer,
        touch_values.landing_page
    from paths
    inner join conversions
        on paths.conversion_number = conversions.conversion_number and conversions.conversion_type in ('won', 'order')
    inner join entries
        on conversions.conversion_number = entries.conversion_number
    inner join touch_values
        on paths.touch_number = touch_values.touch_number
    cross join run_settings
),

once as (
    {% for dimension in compared_dimensions() -%}
    select distinct
        entry_number,
        month_start_date,
        '{{ dimension }}' as dimension,
        {{ dimension }} as dimension_value,
        amount_reporting
    from met
    where {{ dimension }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

influence as (
    select
        month_start_date,
        dimension,
        dimension_value,
        cast(coalesce(sum(amount_reporting), 0) as decimal(18, 2)) as influenced_revenue
    from once
    group by month_start_date, dimension, dimension_value
)

select * from influence
