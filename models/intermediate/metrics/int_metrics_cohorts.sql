-- One row is a person and a rate between two stages: when it reached the first, and after how many days the second.
-- A second stage before the first is a violation, and nothing that the first led to.
with

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

{% set rates = [
    ('lead_to_mql_rate', 'lead_at', 'mql_at'),
    ('mql_to_sql_rate', 'mql_at', 'sql_at'),
    ('sql_to_opportunity_rate', 'sql_at', 'opportunity_at'),
    ('sql_to_customer_rate', 'sql_at', 'customer_at'),
    ('mql_to_customer_rate', 'mql_at', 'customer_at'),
] -%}
cohorts as (
    {% for rate, from_at, to_at in rates -%}
    select
        '{{ rate }}' as rate,
        lead_stages.lead_key,
        {{ local_date('lead_stages.' ~ from_at, 'run_settings.reporting_time_zone') }} as cohort_date,
        case when lead_stages.{{ to_at }} >= lead_stages.{{ from_at }}
            then {{ seconds_between('lead_stages.' ~ from_at, 'lead_stages.' ~ to_at) }} / cast(86400 as double)
        end as days_to_reach
    from lead_stages
    cross join run_settings
    where lead_stages.{{ from_at }} is not null
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from cohorts
