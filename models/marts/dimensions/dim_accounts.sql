with

accounts as (
    select * from {{ ref('int_journey_accounts') }}
),

touchpoints as (
    select * from {{ ref('int_journey_touchpoints') }}
),

customers as (
    select * from {{ ref('int_metrics_customers') }}
),

first_touches as (
    select
        account_key,
        min(touched_at) as first_touch_at
    from touchpoints
    where account_key is not null
    group by account_key
),

first_customers as (
    select
        account_key,
        min(customer_at) as customer_since
    from customers
    where account_key is not null
    group by account_key
),

final as (
    select
        accounts.account_key,

        accounts.account_name,
        accounts.domain,
        accounts.industry,
        accounts.employee_band,
        accounts.country,
        accounts.owner_name,

        first_touches.first_touch_at,
        first_customers.customer_since,

        cast(null as string) as record_url
    from accounts
    left join first_touches
        on accounts.account_key = first_touches.account_key
    left join first_customers
        on accounts.account_key = first_customers.account_key
)

select * from final
