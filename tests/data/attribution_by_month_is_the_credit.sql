-- By each date basis and each dimension the months add up to the credit of each model: weights and money.
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

by_channel as (
    select * from {{ ref('metrics_channel_attribution') }}
),

by_campaign as (
    select * from {{ ref('metrics_campaign_attribution') }}
),

compared as (
    select * from {{ ref('metrics_attribution_comparison') }}
),

credit as (
    select
        parts.model,
        coalesce(sum(parts.attributed_money), 0) as revenue,
        round(coalesce(sum(
            case
                when
                    conversions.conversion_type = 'won'
                    and conversions.is_standing
                    and entries.entry_type = 'booking'
                then parts.weight
            end
        ), 0), 6) as deals
    from parts
    inner join entries
        on parts.entry_number = entries.entry_number
    inner join conversions
        on
            entries.conversion_number = conversions.conversion_number
            and conversions.conversion_type in ('won', 'order')
    group by parts.model
),

tables as (
    {% for table in ['by_channel', 'by_campaign'] -%}
    select
        '{{ table }}' as table_name,
        model,
        date_basis as view_name,
        sum(attributed_revenue) as revenue,
        round(sum(attributed_deals), 6) as deals
    from {{ table }}
    group by model, date_basis
    union all
    {% endfor -%}
    select
        'compared' as table_name,
        model,
        dimension as view_name,
        sum(attributed_revenue) as revenue,
        round(sum(attributed_deals), 6) as deals
    from compared
    group by model, dimension
)

select
    tables.table_name,
    tables.model,
    tables.view_name
from tables
inner join credit
    on tables.model = credit.model
where tables.revenue != credit.revenue or tables.deals != credit.deals
