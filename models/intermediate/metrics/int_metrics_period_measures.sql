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
        {{ sums_of_measures([
            'impressions', 'clicks', 'leads', 'mqls', 'sqls', 'opportunities', 'customers', 'paid_customers',
            'transactions', 'valued_transactions', 'won_deals', 'lost_deals',
            'revenue_without_rate', 'pipeline_without_rate', 'spend_without_rate',
        ], 'bigint') }},
        {{ sums_of_measures([
            'spend', 'pipeline', 'revenue', 'booked_revenue', 'marketing_sourced_revenue', 'marketing_influenced_revenue',
            'attributed_revenue',
        ], 'decimal(18, 2)') }},
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
        {{ known_spend('summed.spend', 'summed.spend_without_rate') }} as known_spend,
        coalesce(advertised.advertised_revenue, 0) as advertised_revenue
    from summed
    left join advertised
        on summed.period_type = advertised.period_type and summed.period_start_date = advertised.period_start_date
)

select * from final
