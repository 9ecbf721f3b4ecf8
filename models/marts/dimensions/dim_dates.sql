-- From the first day of the first year with anything in it to the last day of the run's year.
with

periods as (
    select * from {{ ref('int_metrics_periods') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

working_hours as (
    select * from {{ ref('working_hours') }}
),

holidays as (
    select * from {{ ref('holidays') }}
),

terms as (
    select * from {{ ref('int_agreement_terms') }}
),

bounds as (
    select
        cast(date_trunc('year', coalesce(min(periods.period_start_date), max(run_settings.as_of_date))) as date)
            as first_day,
        cast(date_trunc('year', max(run_settings.as_of_date)) + interval '1 year' - interval '1 day' as date)
            as last_day
    from run_settings
    left join periods
        on periods.period_start_date <= run_settings.as_of_date
),

days as (
    select {{ date_spine('first_day', 'last_day') }} as date_day
    from bounds
),

versions as (
    select
        terms.version,
        {{ local_date('terms.starts_at', 'run_settings.reporting_time_zone') }} as first_day,
        {{ local_date('terms.ends_at', 'run_settings.reporting_time_zone') }} as end_day
    from terms
    cross join run_settings
),

working_weekdays as (
    select distinct
        versions.first_day,
        versions.end_day,
        working_hours.weekday
    from working_hours
    inner join versions
        on working_hours.version = versions.version
),

days_off as (
    select distinct date as date_day
    from holidays
),

final as (
    select
        days.date_day,
        cast(date_trunc('week', days.date_day) as date) as week_start_date,
        cast(date_trunc('month', days.date_day) as date) as month_start_date,
        cast(date_trunc('quarter', days.date_day) as date) as quarter_start_date,
        working_weekdays.weekday is not null and days_off.date_day is null as is_working_day
    from days
    left join working_weekdays
        on
            {{ iso_weekday('days.date_day') }} = working_weekdays.weekday
            and days.date_day >= working_weekdays.first_day
            and days.date_day < working_weekdays.end_day
    left join days_off
        on days.date_day = days_off.date_day
)

select * from final
