-- One row is a company: as a source describes it, or only named by the records of its people, deals and orders.
with

accounts as (
    select * from {{ ref('int_canonical_accounts') }}
),

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

deals as (
    select * from {{ ref('int_canonical_deals') }}
),

orders as (
    select * from {{ ref('int_canonical_orders') }}
),

named as (
    select
        source_system,
        account_id
    from accounts
    union
    select
        source_system,
        account_id
    from leads
    where account_id is not null
    union
    select
        source_system,
        account_id
    from deals
    where account_id is not null
    union
    select
        source_system,
        account_id
    from orders
    where account_id is not null
),

company_names as (
    select
        source_system,
        account_id,
        min(company) as company
    from leads
    where account_id is not null
    group by source_system, account_id
),

described as (
    select
        {{ stable_key(['named.source_system', 'named.account_id']) }} as account_key,
        named.source_system,
        named.account_id,

        coalesce(accounts.name, company_names.company) as account_name,
        lower(accounts.domain) as domain,
        accounts.industry,
        accounts.country,
        accounts.owner as owner_name,
        case
            when accounts.employee_count is null then cast(null as string)
            when accounts.employee_count < 10 then '1-9'
            when accounts.employee_count < 50 then '10-49'
            when accounts.employee_count < 250 then '50-249'
            when accounts.employee_count < 1000 then '250-999'
            else '1000+'
        end as employee_band
    from named
    left join accounts
        on named.source_system = accounts.source_system and named.account_id = accounts.account_id
    left join company_names
        on named.source_system = company_names.source_system and named.account_id = company_names.account_id
)

select * from described
