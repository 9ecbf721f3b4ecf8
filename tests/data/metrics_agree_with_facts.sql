-- The metrics by channel, campaign, initiative and content, and the shared ones by period type, add up to the facts.
with

deals as (
    select * from {{ ref('fct_deals') }}
),

revenue_events as (
    select * from {{ ref('fct_revenue_events') }}
),

spend as (
    select * from {{ ref('fct_ad_spend') }}
),

created_deals as (
    select * from {{ ref('int_journey_deals') }}
),

leads as (
    select * from {{ ref('dim_leads') }}
),

facts as (
    select
        (select coalesce(sum(amount_reporting), 0) from revenue_events) as revenue,
        (select coalesce(sum(pipeline_reporting), 0) from created_deals) as pipeline,
        (select count(*) from leads where lead_at is not null) as leads,
        (select count(*) from leads where mql_at is not null) as mqls,
        (select count(*) from deals) as opportunities,
        (select coalesce(sum(spend_reporting), 0) from spend) as spend
),

tables as (
    {% for table in ['metrics_channel', 'metrics_campaign', 'metrics_initiative', 'metrics_content'] -%}
    select
        '{{ table }}' as table_name,
        coalesce(sum(revenue), 0) as revenue,
        coalesce(sum(pipeline), 0) as pipeline,
        coalesce(sum(leads), 0) as leads,
        coalesce(sum(mqls), 0) as mqls,
        coalesce(sum(opportunities), 0) as opportunities,
        {% if table == 'metrics_content' %}cast(null as decimal(18, 2)){% else %}coalesce(sum(spend), 0){% endif %} as spend
    from {{ ref(table) }}
    union all
    {% endfor -%}
    {% for period_type in ['week', 'month', 'quarter'] -%}
    select
        'metrics_shared by {{ period_type }}' as table_name,
        coalesce(sum(revenue), 0) as revenue,
        coalesce(sum(pipeline), 0) as pipeline,
        coalesce(sum(leads), 0) as leads,
        coalesce(sum(mqls), 0) as mqls,
        coalesce(sum(opportunities), 0) as opportunities,
        coalesce(sum(spend), 0) as spend
    from {{ ref('metrics_shared') }}
    where period_type = '{{ period_type }}'
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select tables.table_name
from tables
cross join facts
where
    tables.revenue != facts.revenue
    or tables.pipeline != facts.pipeline
    or tables.leads != facts.leads
    or tables.mqls != facts.mqls
    or tables.opportunities != facts.opportunities
    or tables.spend != facts.spend
