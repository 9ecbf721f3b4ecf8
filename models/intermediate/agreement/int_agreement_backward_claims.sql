-- One row is a person whose stages the CRM claims in the wrong order.
{{ config(materialized='view') }}

with

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
),

backwards as (
    select
        lead_key,
        cast(null as string) as deal_key,
        'sql' as stage,
        'stage_before_predecessor' as violation_type,
        'the CRM says sql before mql' as detail,
        cast(null as string) as subject,
        crm_sql_at as claimed_at,
        'sales' as team
    from lead_stages
    where crm_sql_at < crm_mql_at
)

select * from backwards
