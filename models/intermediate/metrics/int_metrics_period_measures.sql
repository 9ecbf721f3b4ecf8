-- One row is a period with the sums of its measures.
with

periods as (
    select * from {{ ref('int_metrics_periods') }}
),

measures as (
    select * from {{ ref('int_metrics_measures') }}
),

summed as (
    select
        periods.period_type,
        periods.period_start_date,
        {{ sum_of_measure('impressions', 'bigint') }} as impressions,
        {{ sum_of_measure('clicks', 'bigint') }} as clicks,
        {{ sum_of_measure('leads', 'bigint') }} as leads,
        {{ sum_of_measure('mqls', 'bigint') }} as mqls,
        {{ sum_of_measure('sqls', 'bigint') }} as sqls,
        {{ sum_of_measure('opportunities', 'bigint') }} as opportunities,
        {{ sum_of_measure('customers', 'bigint') }} as customers,
        {{ sum_of_measure('paid_customers', 'bigint') }} as paid_customers,
        {{ sum_of_measure('transactions', 'bigint') }} as transactions,
        {{ sum_of_measure('valued_transactions', 'bigint') }} as valued_transactions,
        {{ sum_of_measure('lost_deals', 'bigint') }} as lost_deals,
        {{ sum_of_measure('revenue_without_rate', 'bigint') }} as revenue_without_rate,
        {{ sum_of_measure('pipeline_without_rate', 'bigint') }} as pipeline_without_rate,
        {{ sum_of_measure('spend_without_rate', 'bigint') }} as spend_without_rate,
        {{ sum_of_measure('spend', 'decimal(18, 2)') }} as spend,
        {{ sum_of_measure('pipeline', 'decimal(18, 2)') }} as pipeline,
        {{ sum_of_measure('revenue', 'decimal(18, 2)') }} as revenue,
        {{ sum_of_measure('marketing_sourced_revenue', 'decimal(18, 2)') }} as marketing_sourced_revenue,
        {{ sum_of_measure('marketing_influenced_revenue', 'decimal(18, 2)') }} as marketing_influenced_revenue,
        {{ sum_of_measure('attributed_revenue', 'decimal(18, 2)') }} as attributed_revenue,
        cast(coalesce(sum(
            case
                when measures.measure = 'attributed_revenue' and measures.channel = 'unattributed'
                then measures.measure_value
            end
        ), 0) as decimal(18, 2)) as unattributed_revenue
    from periods
    left join measures
        on measures.date_day >= periods.period_start_date and measures.date_day < periods.next_period_start_date
    group by periods.period_type, periods.period_start_date
),

by_campaign as (
    select
        periods.period_type,
        periods.period_start_date,
        measures.campaign_key,
        {{ sum_of_measure('spend', 'decimal(18, 2)') }} as spend,
        {{ sum_of_measure('attributed_revenue', 'decimal(18, 2)') }} as attributed_revenue
    from periods
    inner join measures
        on measures.date_day >= periods.period_start_date and measures.date_day < periods.next_period_start_date
    where measures.campaign_key is not null
    group by periods.period_type, periods.period_start_date, measures.campaign_key
),

advertised as (
    select
        period_type,
        period_start_date,
        cast(sum(attributed_revenue) as decimal(18, 2)) as advertised_revenue
    from by_campaign
    where spend > 0
    group by period_type, period_start_date
),

final as (
    select
        summed.*,
        coalesce(advertised.advertised_revenue, 0) as advertised_revenue
    from summed
    left join advertised
        on summed.period_type = advertised.period_type and summed.period_start_date = advertised.period_start_date
)

select * from final
