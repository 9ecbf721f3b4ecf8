-- One row is a period and a rate between two stages: of the people who reached the first in the period, the share that
-- reached the second, to date and within 30 and 90 days (null until the whole cohort is that old).
with

periods as (
    select * from {{ ref('int_metrics_periods') }}
),

cohorts as (
    select * from {{ ref('int_metrics_cohorts') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

counted as (
    select
        periods.period_type,
        periods.period_start_date,
        periods.next_period_start_date,
        cohorts.rate,
        count(*) as cohort_size,
        sum(case when cohorts.days_to_reach is not null then 1 else 0 end) as reached,
        sum(case when cohorts.days_to_reach <= 30 then 1 else 0 end) as reached_30d,
        sum(case when cohorts.days_to_reach <= 90 then 1 else 0 end) as reached_90d
    from periods
    inner join cohorts
        on
            cohorts.cohort_date >= periods.period_start_date
            and cohorts.cohort_date < periods.next_period_start_date
    group by periods.period_type, periods.period_start_date, periods.next_period_start_date, cohorts.rate
),

rates as (
    select
        counted.period_type,
        counted.period_start_date,
        counted.rate,
        {{ ratio('counted.reached', 'counted.cohort_size') }} as rate_to_date,
        case when cast(counted.next_period_start_date + interval '30 days' as date) <= run_settings.as_of_date
            then {{ ratio('counted.reached_30d', 'counted.cohort_size') }}
        end as rate_30d,
        case when cast(counted.next_period_start_date + interval '90 days' as date) <= run_settings.as_of_date
            then {{ ratio('counted.reached_90d', 'counted.cohort_size') }}
        end as rate_90d
    from counted
    cross join run_settings
)

select * from rates
