-- One row is a week, month or quarter of the reporting time zone, from the first flow to the run's day.
with

measures as (
    select * from {{ ref('int_metrics_measures') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

bounds as (
    select
        min(measures.date_day) as first_day,
        max(run_settings.as_of_date) as last_day
    from measures
    cross join run_settings
),

days as (
    select
        {{ date_spine('first_day', 'last_day') }} as date_day
    from bounds
    where first_day <= last_day
),

periods as (
    select distinct
        'week' as period_type,
        cast(date_trunc('week', date_day) as date) as period_start_date,
        cast(date_trunc('week', date_day) + interval '7 days' as date) as next_period_start_date
    from days
    union all
    select distinct
        'month' as period_type,
        cast(date_trunc('month', date_day) as date) as period_start_date,
        cast(date_trunc('month', date_day) + interval '1 month' as date) as next_period_start_date
    from days
    union all
    select distinct
        'quarter' as period_type,
        cast(date_trunc('quarter', date_day) as date) as period_start_date,
        cast(date_trunc('quarter', date_day) + interval '3 months' as date) as next_period_start_date
    from days
),

judged as (
    select
        periods.period_type,
        periods.period_start_date,
        periods.next_period_start_date,
        periods.next_period_start_date <= run_settings.as_of_date as is_complete
    from periods
    cross join run_settings
)

select * from judged
