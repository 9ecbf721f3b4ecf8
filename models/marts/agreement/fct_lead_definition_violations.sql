-- The gate and the publication fill first_seen_at and resolved_at: a build does not know what an earlier one saw.
with

violations as (
    select * from {{ ref('int_agreement_violations') }}
),

final as (
    select
        violation_key,
        lead_key,
        deal_key,
        stage,
        violation_type,
        detail,
        claimed_at,
        agreement_version,
        team,
        severity,
        cast(null as timestamp) as first_seen_at,
        cast(null as timestamp) as resolved_at
    from violations
)

select * from final
