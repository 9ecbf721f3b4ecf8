-- One row is a period with the velocity of its new customers and the sales cycle of its won deals, in days.
with

periods as (
    select * from {{ ref('int_metrics_periods') }}
),

customers as (
    select * from {{ ref('int_metrics_customers') }}
),

deals as (
    select * from {{ ref('int_metrics_deals') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

dated_customers as (
    select
        {{ local_date('customers.customer_at', 'run_settings.reporting_time_zone') }} as customer_date,
        customers.velocity_days,
        customers.velocity_micros
    from customers
    cross join run_settings
),

velocities as (
    select
        periods.period_type,
        periods.period_start_date,
        {{ ratio('sum(dated_customers.velocity_micros)', 'count(dated_customers.velocity_micros)') }}
        / cast(86400000000 as double) as velocity_days,
        percentile_cont(0.5) within group (order by dated_customers.velocity_days) as velocity_days_median,
        percentile_cont(0.9) within group (order by dated_customers.velocity_days) as velocity_days_p90
    from periods
    inner join dated_customers
        on
            dated_customers.customer_date >= periods.period_start_date
            and dated_customers.customer_date < periods.next_period_start_date
    group by periods.period_type, periods.period_start_date
),

sales_cycles as (
    select
        periods.period_type,
        periods.period_start_date,
        percentile_cont(0.5) within group (order by deals.sales_cycle_days) as sales_cycle_days
    from periods
    inner join deals
        on deals.closed_date >= periods.period_start_date and deals.closed_date < periods.next_period_start_date
    where deals.is_won
    group by periods.period_type, periods.period_start_date
),

final as (
    select
        periods.period_type,
        periods.period_start_date,
        velocities.velocity_days,
        velocities.velocity_days_median,
        velocities.velocity_days_p90,
        sales_cycles.sales_cycle_days
    from periods
    left join velocities
        on
            periods.period_type = velocities.period_type
            and periods.period_start_date = velocities.period_start_date
    left join sales_cycles
        on
            periods.period_type = sales_cycles.period_type
            and periods.period_start_date = sales_cycles.period_start_date
)

select * from final
