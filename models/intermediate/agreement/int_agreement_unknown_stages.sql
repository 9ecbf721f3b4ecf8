-- One row is a person and a stage that the CRM claims for it and nobody agreed on.
{{ config(materialized='view') }}

with

claims as (
    select * from {{ ref('int_agreement_claims') }}
),

unknown_stages as (
    select
        lead_key,
        cast(null as string) as deal_key,
        stage,
        'unknown_stage' as violation_type,
        concat('the CRM says "', stage, '", which is none of the agreed stages') as detail,
        cast(null as string) as subject,
        claimed_at,
        'data' as team
    from claims
    where not is_known
)

select * from unknown_stages
